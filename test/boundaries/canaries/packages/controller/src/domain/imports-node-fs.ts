// caught by: domain-pure
import 'node:fs';
