// caught by: nothing (a cycle is reported once, at its first module)
import './cycle-one.ts';
