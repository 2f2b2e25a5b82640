// caught by: domain-pure
import 'node:net';
