// caught by: sign-in-packages
import '@wirebook/contract';
