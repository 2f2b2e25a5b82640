/** The vCenter to try with. */
export const simulated = {
  why: {
    not_shipped:
      'This installation has no simulated vCenter: it comes with a clone of the repository, not with the image.',
    no_go: 'A simulated vCenter takes Go 1.25 or later, and none was found: https://go.dev/dl/',
    old_go: 'A simulated vCenter takes Go 1.25 or later; the Go found is older: https://go.dev/dl/',
    failed: "The simulated vCenter did not start; the controller's log says why.",
  },
  progress: {
    building: 'Building the simulated vCenter: about a minute, the first time only.',
    starting: 'Starting the simulated vCenter.',
  },
  note: 'A made-up estate of two sites. It runs on this machine, with the controller: whatever is changed in it is gone when the controller ends, and it comes back as it was at first.',
} as const;
