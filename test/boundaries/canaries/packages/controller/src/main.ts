// caught by: simulator-for-tests
import '@wirebook/simulator';
