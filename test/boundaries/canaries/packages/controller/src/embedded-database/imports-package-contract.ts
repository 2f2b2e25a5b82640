// caught by: embedded-database-packages
import '@wirebook/contract';
