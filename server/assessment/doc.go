// Package assessment keeps the yearly score of an office's units: scoring schemes,
// rounds, the sheet of each unit with its own, the verified and the final score,
// appeals, rectifications and results. What a sheet comes to is computed by package
// scoring alone; what is stored of it, for lists and ranks, is written with every mark.
package assessment
