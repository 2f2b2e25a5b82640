// caught by: store-packages
import '@wirebook/vsphere';
