// caught by: store-packages
import '@wirebook/simulator';
