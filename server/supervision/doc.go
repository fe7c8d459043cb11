// Package supervision is what an office does with the board: it divides the tasks of
// policies, urges units with a receipt, and inspects. Putting right what an inspection
// found is package rectification, publishing is package bulletin.
package supervision
