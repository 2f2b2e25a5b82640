// caught by: domain-libraries
import 'pg';
