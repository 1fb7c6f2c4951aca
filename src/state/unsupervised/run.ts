/** What the Unsupervised page does: replay a recorded clustering, or train one on this machine. */
export {};
