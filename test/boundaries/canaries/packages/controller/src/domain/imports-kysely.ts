// caught by: domain-libraries
import 'kysely';
