package frontend

import "testing"

// Names of units and words of the pages are found however they are typed.
func TestSimplifiedTurnsTraditionalCharactersRound(t *testing.T) {
	for typed, want := range map[string]string{
		"濟南市財政局": "济南市财政局", "青島": "青岛", "臺兒莊區": "台儿庄区", "輪訓": "轮训", "審核": "审核", "督辦": "督办", "後勤": "后勤",
		"發展和改革委員會": "发展和改革委员会", "濟寧": "济宁", "萊蕪": "莱芜", "乾坤": "乾坤", "覆蓋率": "覆盖率", "答覆": "答覆",
		"山东省": "山东省", "Qingdao 4%": "Qingdao 4%", "": "",
	} {
		if got := Simplified(typed); got != want {
			t.Errorf("%s becomes %s, want %s", typed, got, want)
		}
	}
}

// What the pages show in traditional characters is found in simplified ones.
func TestSimplifiedUndoesTheConversionOfNames(t *testing.T) {
	both := traditionalOf(t)
	for _, name := range []string{"山东省人民政府办公厅", "济南市历下区", "烟台市", "临沂市兰陵县", "辽宁省", "连云港市", "苏州市", "无锡市", "沈阳市沈河区", "随州市曾都区", "关于全面推进政务公开工作的实施意见"} {
		if got := Simplified(both.data.convert(name)); got != name {
			t.Errorf("%s comes back as %s", name, got)
		}
	}
}
