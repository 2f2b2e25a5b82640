// caught by: faces-through-contract
import '@wirebook/controller/compose';
