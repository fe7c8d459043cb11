package document

// Sizes of letters, in half points.
const (
	titleSize  = 44 // 二号
	bodySize   = 32 // 三号
	smallSize  = 28 // 四号
	tableSize  = 24 // 小四
	narrowSize = 21 // 五号
)

// face is what a text is set in: the font of Chinese characters and that of digits and
// Latin letters.
type face struct {
	chinese, latin string
}

const roman = "Times New Roman"

var (
	titleFace  = face{"方正小标宋简体", roman}
	bodyFace   = face{"仿宋_GB2312", roman}
	headFace   = face{"黑体", roman}
	kaiFace    = face{"楷体_GB2312", roman}
	numberFace = face{"宋体", "宋体"}
)

// font is an entry of the font table: other names of the font and its nearest kin, for
// systems that lack it, best first.
type font struct {
	name, others, charset, family string
}

var fonts = []font{
	{roman, "Liberation Serif", "00", "roman"},
	{bodyFace.chinese, "FangSong_GB2312,仿宋,FangSong,华文仿宋,STFangsong,方正仿宋_GBK", "86", "modern"},
	{numberFace.chinese, "SimSun,新宋体,Noto Serif CJK SC,思源宋体", "86", "auto"},
	{titleFace.chinese, "FZXiaoBiaoSong-B05S,FZXiaoBiaoSong-B05,方正小标宋_GBK,华文中宋,STZhongsong,宋体,SimSun", "86", "script"},
	{kaiFace.chinese, "KaiTi_GB2312,楷体,KaiTi,华文楷体,STKaiti,方正楷体_GBK", "86", "modern"},
	{headFace.chinese, "SimHei,Noto Sans CJK SC,思源黑体", "86", "auto"},
}

func writeFonts(p *part) {
	p.in("w:fonts", func() {
		for _, f := range fonts {
			p.in("w:font", func() {
				p.empty("w:altName", "w:val", f.others)
				p.empty("w:charset", "w:val", f.charset)
				p.empty("w:family", "w:val", f.family)
				p.empty("w:pitch", "w:val", "default")
			}, "w:name", f.name)
		}
	}, "xmlns:w", wordSpace)
}

// write names the face on a run: the hint has quotation marks and dashes, which both
// scripts have, set in the Chinese one.
func (f face) write(p *part) {
	p.empty("w:rFonts", "w:hint", "eastAsia", "w:ascii", f.latin, "w:hAnsi", f.latin, "w:eastAsia", f.chinese, "w:cs", f.latin)
}
