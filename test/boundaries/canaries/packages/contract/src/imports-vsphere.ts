// caught by: contract-alone
import '@wirebook/vsphere';
