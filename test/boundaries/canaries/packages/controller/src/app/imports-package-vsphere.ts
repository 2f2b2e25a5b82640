// caught by: app-packages
import '@wirebook/vsphere';
