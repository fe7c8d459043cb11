package figure

// Decimal is a number with decimals, as it is written: hours, points.
type Decimal string
