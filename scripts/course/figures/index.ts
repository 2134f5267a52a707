/** The figures. */
export function drawFigures(): void {}
