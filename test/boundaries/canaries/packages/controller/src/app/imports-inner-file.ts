// caught by: packages-by-their-entry
import '../../../contract/src/inner.ts';
