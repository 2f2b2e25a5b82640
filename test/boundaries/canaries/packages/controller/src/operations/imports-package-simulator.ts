// caught by: operations-packages
import '@wirebook/simulator';
