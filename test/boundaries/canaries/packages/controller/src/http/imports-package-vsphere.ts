// caught by: http-packages
import '@wirebook/vsphere';
