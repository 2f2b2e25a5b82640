// caught by: operations-packages
import '@wirebook/contract';
