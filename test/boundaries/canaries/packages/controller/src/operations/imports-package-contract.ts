// caught by: nothing
import '@wirebook/contract';
