// caught by: faces-through-contract
import '@wirebook/simulator';
