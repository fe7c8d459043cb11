package calendar_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/seeds"
	"sundial/server/calendar"
)

// The texts have the form of the notices, with only as much around the clauses
// as the form needs.
var noticeTexts = map[string]string{
	"国办发明电〔2012〕33号": `国务院办公厅关于2013年部分节假日安排的通知
国 办 发明电〔2012〕33号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
根据《关于修改〈全国年节及纪念日放假办法〉的决定》，现将2013年元旦、春节等放假日期通知如下。
一、 元旦：
1月1日至3日放假调休，共3天。1月5日（星期六）、1月6日（星期日）上班。
二、 春节：2月9日至15日放假调休，共7天。2月16日（星期六）、2月17日（星期日）上班。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：4月29日至5月1日放假调休，共3天。4月27日（星期六）、4月28日（星期日）上班。
五、端午节：6月10日至12日放假调休，共3天。6月8日（星期六）、6月9日（星期日）上班。
六、中秋节：9月19日至21日放假调休，共3天。9月22日（星期日）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
节假日期间，各地区要妥善安排好值班工作。
国务院办公厅
2012年12月8日`,

	"国办发明电〔2013〕28号": `國務院辦公廳關於2014年部分節假日安排的通知　國辦發明電【2013】28號
經批准，現將2014年放假調休日期通知如下。一、元旦：1月1日放假1天。二、春節：1月31日至2月6日放假調休，共7天。1月26日（星期日）、2月8日（星期六）上班。三、清明節：4月5日放假，4月7日（星期一）補休。四、勞動節：5月1日至3日放假調休，共3天。5月4日（星期日）上班。五、端午節：6月2日放假，與周末連休。六、中秋節：9月8日放假，與週末連休。七、國慶節：10月1日至7日放假調休，共7天。9月28日（星期日）、10月11日（星期六）上班。國務院辦公廳　2013年12月11日`,

	"国发明电〔2015〕1号": `国务院关于中国人民抗日战争暨
世界反法西斯战争胜利70周年纪念日
调休放假的通知
国发明电〔2015〕1号
各省、自治区、直辖市人民政府：
2015年是胜利70周年。2015年9月3日全国放假1天。特作如下调休：9月3日至5日调休放假，共3天。其中9月3日（星期四）放假，9月4日（星期五）调休，9月6日（星期日）上班。
国务院
2015年5月13日`,

	"国办发明电〔2015〕18号": "国务院办公厅关于２０１６年\r\n部分节假日安排的通知\r\n国办发明电[2015]18号\r\n" + `
一、元旦:1月1日放假,与周末连休,共3天。
二、春节:2月7日—13日放假调休,共七天。2月6日(星期六)、14日(周日)上班。
(三)清明节:4月4日放假,与周末连休。
4、劳动节:5月1日放假,5月2日(星期一)补休。
五、端午节:6月9日到11日放假调休,共3天。6月12日(星期日)补班。
六、中秋节:9月15日-17日放假调休,共3天。9月18日(星期天)上班。
七、国庆节:10月1日～7日放假调休,共7天。10月8日(星期六)和10月9日(星期日)照常上班。
国务院办公厅
2015年12月10日
扫一扫在手机打开当前页`,

	"国办发明电〔2016〕17号": `国务院办公厅关于2017年部分节假日安排的通知
国办发明电〔2016〕17号
——元旦：1月1日放假，1月2日（星期一）补休。
——春节：1月27日至2月2日放假调休，共7天。1月22日（星期日）、2月4日（星期六）上班。
——清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。
——劳动节：5月1日放假，与周末连休。
——端午节：5月28日至30日放假调休，共3天。5月27日（星期六）上班。
——中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。
国务院办公厅
2016年12月1日`,

	"国办发明电〔2018〕15号": `国务院办公厅关于2019年部分节假日安排的通知
国办发明电〔2018〕15号
一、元旦: 2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。
二、春节: 2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节: 4月5日放假，与周末连休。
四、劳动节: 5月1日放假。
五、端午节: 6月7日放假，与周末连休。
六、中秋节: 9月13日放假，与周末连休。
七、国庆节: 10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
国务院办公厅
2018年12月4日`,

	"国办发明电〔2019〕3号": `国务院办公厅关于调整
2019年劳动节假期安排的通知
国办发明电〔2019〕3号
经国务院批准，现将调整2019年劳动节放假安排通知如下。
一、2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
二、各地区、各部门要抓紧做好假期调整落实工作。
国务院办公厅
2019年3月22日`,

	"国办发明电〔2020〕1号": `国务院办公厅关于延长2020年春节假期的通知
国办发明电〔2020〕1号
一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。
二、各地学校推迟开学。
三、不能休假的职工，应根据劳动法规定安排补休。
国务院办公厅
2020年1月26日`,

	"国办发明电〔2023〕7号": `国务院办公厅关于2024年部分节假日安排的通知
国办发明电〔2023〕7号
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
国务院办公厅
2023年10月25日`,

	"国办发明电〔2024〕12号": `国务院办公厅关于2025年部分节假日安排的通知
国办发明电〔2024〕12号
根据2024年11月修订的办法，自2025年1月1日起，春节自农历除夕起放假调休8天。现将具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
国务院办公厅
2024年11月12日`,

	"国办发明电〔2025〕7号": text2026,
}

const text2026 = `国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
鼓励单位和个人落实带薪年休假。节假日期间，要安排好值班工作。
国务院办公厅
2025年11月4日`

func TestFaultyTextsAreRefusedByLine(t *testing.T) {
	replace := func(old, new string) string { return strings.Replace(text2026, old, new, 1) }
	tests := []struct {
		name, text string
		line       int
		key        string
	}{
		{"nothing", "", 0, "notice.no_year"},
		{"something else", "关于2026年报送材料的通知\n请各单位按时报送。", 0, "notice.no_holidays"},
		{"wrong weekday of a day off", replace("1日（周五）至5日", "1日（周四）至5日"), 6, "notice.weekday"},
		{"wrong weekday of a make-up day", replace("5月9日（周六）", "5月9日（周日）"), 6, "notice.weekday"},
		{"make-up day without weekday, on a Friday", replace("5月9日（周六）", "5月8日"), 6, "notice.makeup_weekday"},
		{"wrong number of days", replace("共9天", "共8天"), 4, "notice.count"},
		{"wrong number of days off in place", replace("放假，共3天", "放假2天"), 5, "notice.count"},
		{"no such day", replace("2月28日（周六）", "2月30日"), 4, "notice.no_such_day"},
		{"no such month", replace("10月1日（周四）", "0月1日"), 9, "notice.no_such_day"},
		{"a day without a month", replace("9月25日（周五）至27日（周日）", "25日至27日"), 8, "notice.no_such_day"},
		{"a range turned round", replace("4月4日（周六）至6日（周一）", "4月6日至4日"), 5, "notice.reversed_range"},
		{"no day off", replace("放假调休，共5天", ""), 6, "notice.not_understood"},
		{"only make-up days", replace("5月1日（周五）至5日（周二）放假调休，共5天。", ""), 6, "notice.no_days_off"},
		{"a working day between days off", replace("6月19日（周五）至21日（周日）放假，共3天", "6月17日放假，6月19日补休"), 7, "notice.gap"},
		{"a form nobody knows", replace("5月9日（周六）上班", "将5月9日调至5月4日"), 6, "notice.not_understood"},
		{"signed on no day", replace("2025年11月4日", "2025年11月31日"), 12, "notice.no_such_day"},
		{"work resumes before the end", "国务院办公厅关于延长2020年春节假期的通知\n延长2020年春节假期至2月2日，2月2日起正常上班。", 2, "notice.resume"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := calendar.ParseNotice(test.text)
			var fault *calendar.NoticeError
			if !errors.As(err, &fault) {
				t.Fatalf("error = %v, want %s", err, test.key)
			}
			if fault.Key != test.key || fault.Line != test.line {
				t.Errorf("%s in line %d, want %s in line %d: %v", fault.Key, fault.Line, test.key, test.line, err)
			}
		})
	}
}

func TestFaultSaysWhatWouldBeRight(t *testing.T) {
	_, err := calendar.ParseNotice(strings.Replace(text2026, "5月9日（周六）", "5月9日（周日）", 1))
	want := "notice 国办发明电〔2025〕7号, line 6: 2026-05-09 is a Saturday, not a Sunday"
	if err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
}

func TestParsedNoticesAreTheShippedOnes(t *testing.T) {
	notices, err := seeds.CalendarNotices()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, want := range notices {
		text, ok := noticeTexts[want.Number]
		if !ok {
			continue
		}
		compared++
		t.Run(want.Number, func(t *testing.T) {
			got, err := calendar.ParseNotice(text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if compared != len(noticeTexts) {
		t.Errorf("%d of %d texts compared", compared, len(noticeTexts))
	}
}

func TestNoticeWithoutHeadNeedsIt(t *testing.T) {
	_, body, _ := strings.Cut(text2026, "7号\n")
	body, _, _ = strings.Cut(body, "国务院办公厅")
	n, err := calendar.ParseNotice("现将2026年放假安排通知如下。\n" + body)
	if err != nil {
		t.Fatal(err)
	}
	if n.Number != "" || !n.Issued.IsZero() || n.Year != 2026 || len(n.Holidays) != 7 {
		t.Errorf("read %+v", n)
	}
	var fault *calendar.NoticeError
	if err := n.Validate(); !errors.As(err, &fault) || fault.Key != "notice.no_number" {
		t.Errorf("error = %v, want the number asked for", err)
	}
}

func FuzzParseNotice(f *testing.F) {
	for _, text := range noticeTexts {
		f.Add(text)
	}
	f.Add("关于2016年\n一、元旦：1月1日放假（")
	f.Add("2016年。9月31日放假")
	f.Fuzz(func(t *testing.T, text string) {
		n, err := calendar.ParseNotice(text)
		if err != nil {
			var fault *calendar.NoticeError
			if !errors.As(err, &fault) || fault.Line < 0 || fault.Line > strings.Count(text, "\n")+1 {
				t.Fatalf("error without a line of the text: %#v", err)
			}
			return
		}
		for _, h := range n.Holidays {
			if h.To < h.From || h.To.IsZero() {
				t.Fatalf("read a holiday from %s to %s", h.From, h.To)
			}
		}
	})
}
