/** 说明谁拥有某个地址，或它的用途的依据。 */
export const evidence = {} as const;
