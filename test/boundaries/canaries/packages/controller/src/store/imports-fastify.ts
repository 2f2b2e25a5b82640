// caught by: store-libraries
import 'fastify';
