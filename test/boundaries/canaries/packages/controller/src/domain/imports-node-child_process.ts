// caught by: domain-pure
import 'node:child_process';
