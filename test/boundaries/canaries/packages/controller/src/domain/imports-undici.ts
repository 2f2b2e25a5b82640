// caught by: domain-libraries
import 'undici';
