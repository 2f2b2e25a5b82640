// caught by: no-missing-modules
import './nowhere.ts';
