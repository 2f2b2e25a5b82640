// caught by: nothing
import '@wirebook/simulator';
