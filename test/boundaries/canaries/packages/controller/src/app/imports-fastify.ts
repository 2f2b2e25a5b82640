// caught by: app-libraries
import 'fastify';
