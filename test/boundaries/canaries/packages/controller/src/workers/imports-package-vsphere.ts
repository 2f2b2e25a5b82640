// caught by: workers-packages
import '@wirebook/vsphere';
