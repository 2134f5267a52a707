/** The sections of the course that fourlane implements, numbered and titled as there; it has no 2.17. */

/** Number and title, in the course's order. */
export const SECTIONS: readonly (readonly [number: string, title: string])[] = [
  ["2.1", "Binary classification"],
  ["2.2", "Logistic regression"],
  ["2.3", "The cost function of logistic regression"],
  ["2.4", "Gradient descent"],
  ["2.5", "Derivatives"],
  ["2.6", "More examples of derivatives"],
  ["2.7", "The computation graph"],
  ["2.8", "Derivatives with a computation graph"],
  ["2.9", "Gradient descent for logistic regression"],
  ["2.10", "Gradient descent on m examples"],
  ["2.11", "Vectorisation"],
  ["2.12", "More examples of vectorisation"],
  ["2.13", "Vectorising logistic regression"],
  ["2.14", "Vectorising the gradient of logistic regression"],
  ["2.15", "Broadcasting"],
  ["2.16", "Vectors: rank 1, columns and rows"],
  ["2.18", "Where the cost of logistic regression comes from"],
  ["3.1", "An overview of neural networks"],
  ["3.2", "How a neural network is written"],
  ["3.3", "Computing a network's output"],
  ["3.4", "Vectorising over many examples"],
  ["3.5", "Why the vectorised form is right"],
  ["3.6", "Activation functions"],
  ["3.7", "Why activations must not be linear"],
  ["3.8", "Derivatives of the activations"],
  ["3.9", "Gradient descent for neural networks"],
  ["3.10", "Back-propagation, intuitively"],
  ["3.11", "Random initialisation"],
];

/** The line of links that stands under a chapter's title: before, contents, after. */
export function navigation(number: string): string {
  const at = SECTIONS.findIndex(([other]) => other === number);
  const before = SECTIONS[at - 1];
  const after = SECTIONS[at + 1];
  return [
    ...(before ? [`[← ${before.join(" ")}](${before[0]}.md)`] : []),
    "[Contents](README.md)",
    ...(after ? [`[${after.join(" ")} →](${after[0]}.md)`] : []),
  ].join(" · ");
}
