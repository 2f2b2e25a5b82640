export const wirePicture = {} as const;
