// caught by: domain-libraries
import 'fastify';
