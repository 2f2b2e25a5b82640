// caught by: domain-packages
import '@wirebook/contract';
