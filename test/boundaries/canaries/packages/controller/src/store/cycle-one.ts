// caught by: no-cycles
import './cycle-two.ts';
