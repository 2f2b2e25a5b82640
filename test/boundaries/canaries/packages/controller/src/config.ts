// caught by: only-compose-sees-all
import './store/thing.ts';
