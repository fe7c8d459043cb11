// Package document writes official documents (公文) as Word files, laid out after
// GB/T 9704—2012. It is pure: the same Document always gives the same bytes, so that the
// hash of a file holds, and it knows neither the database nor the domain.
//
// What the standard asks for, in our words, and where it is done:
//
//   - 5.1, 5.2.1 (page.go): A4; head margin 37 mm, binding margin 28 mm, text area
//     156 × 225 mm.
//   - 5.2.2, 5.2.3 (page.go, style.go): 22 lines of 28 characters fill a page, in 仿宋 of
//     size 三号 unless said otherwise. The grid of the section and the line height, which
//     is exact, are both the 22nd part of the text area.
//   - 7.2.4, 7.2.5, 7.2.7 (head.go): the issuer in red 小标宋, its top 35 mm below the top of
//     the text area; two lines below the number; a red line of the text area's width
//     below that.
//   - 7.3.1, 7.3.2 (head.go): two lines below, the title in 小标宋 二号, centred, in lines
//     that end with a word; a line below, who it is for, at the left edge, with a colon.
//   - 7.3.3 (block.go): paragraphs begin two characters in. Levels are counted 一、（一）
//     1.（1）; the first in 黑体, the second in 楷体, the others in 仿宋, none of them bold.
//   - 7.3.4 (close.go): the annexes named a line below the text, two characters in; names
//     that turn the line begin below their own beginning, without a full stop.
//   - 7.3.5 (close.go): the day in Arabic digits without leading zeros, four characters from
//     the right edge, and the signature centred above it, as for a document with a seal.
//   - 7.3.7 (annex.go): annexes begin on a new page, 附件 and its number in 黑体 in the first
//     line, its title centred in the third.
//   - 7.4 (imprint.go): the imprint at the bottom of the last page, in 仿宋 四号, between
//     thick lines, with thin ones inside.
//   - 7.5 (footer.go): page numbers in 宋体 四号 between dashes, 7 mm below the text area; odd
//     ones a character from the right edge, even ones from the left.
//   - 8, 9.1 (table.go, footer.go): tables in the text area; on pages laid sideways the head
//     of the table lies where the left edge would be and the number keeps its place on the
//     paper, so that it is read turned by 90 degrees.
//
// The standard leaves the letters of numbers open. Digits and Latin letters of the text
// are set in Times New Roman, as most offices do; those of page numbers in 宋体, as 7.5 asks.
//
// Fonts are named, never embedded. The standard's own are part of few systems, so the font
// table of the file gives each its other names and its nearest kin.
//
// A blank in a text breaks where Word likes; a line feed in one is a forced new line, and a
// tab is a tab. What XML cannot hold is left out: see clean.
package document
