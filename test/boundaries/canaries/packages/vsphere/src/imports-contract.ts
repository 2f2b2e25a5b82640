// caught by: vsphere-alone
import '@wirebook/contract';
