// caught by: store-packages
import '@wirebook/contract';
