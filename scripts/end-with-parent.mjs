// Loaded before a server's program: when the script that started it is gone, the channel between them closes, and
// the server ends as if it had been told to.
if (process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
