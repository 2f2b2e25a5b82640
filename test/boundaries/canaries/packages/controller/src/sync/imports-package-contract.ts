// caught by: sync-packages
import '@wirebook/contract';
