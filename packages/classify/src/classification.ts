/** A label with the model's calibrated probability of it. */
export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

/** What a classifier says of one piece or clip. */
export interface Classification {
  /** The most probable label; null where the model is unsure. */
  readonly label: string | null;
  /** Calibrated probability of the most probable label, whether or not it was given. */
  readonly confidence: number;
  /** All labels, the most probable first. */
  readonly probabilities: readonly LabelProbability[];
  /** Name and version of the model. */
  readonly model: string;
  /** Why no label was given: the probability is too low, or the input is unlike all of the training data. */
  readonly unsure?: 'low-confidence' | 'unfamiliar';
}
