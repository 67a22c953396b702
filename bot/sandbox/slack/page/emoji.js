// Emoji by shortcode: those that operations channels use, under Slack's names.

const TABLE = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|clap 👏|wave 👋|raised_hands 🙌|pray 🙏|muscle 💪|point_right 👉
point_left 👈|point_up 👆|point_down 👇|eyes 👀|smile 😄|smiley 😃|slightly_smiling_face 🙂|grin 😁|joy 😂|wink 😉
thinking_face 🤔|neutral_face 😐|disappointed 😞|cry 😢|sob 😭|scream 😱|sweat_smile 😅|sleeping 😴|tada 🎉|robot_face 🤖
heart ❤️|fire 🔥|sparkles ✨|star ⭐|zap ⚡|boom 💥|rocket 🚀|construction 🚧|rotating_light 🚨|bell 🔔|no_bell 🔕
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|heavy_multiplication_x ✖️
warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|exclamation ❗|grey_exclamation ❕|question ❓|grey_question ❔
bangbang ‼️|information_source ℹ️|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|timer_clock ⏲️|alarm_clock ⏰|watch ⌚
clock1 🕐|clock3 🕒|clock9 🕘|clock12 🕛|calendar 📆|date 📅|spiral_calendar_pad 🗓️
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|blue_circle 🔵
large_purple_circle 🟣|large_brown_circle 🟤|black_circle ⚫|white_circle ⚪|radio_button 🔘|large_blue_diamond 🔷
large_red_square 🟥|large_orange_square 🟧|large_yellow_square 🟨|large_green_square 🟩|large_blue_square 🟦
white_large_square ⬜|black_large_square ⬛|white_medium_square ◻️|black_medium_square ◼️|white_small_square ▫️
black_small_square ▪️|small_blue_diamond 🔹|small_orange_diamond 🔸|large_orange_diamond 🔶
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_forward ▶️|arrow_backward ◀️|fast_forward ⏩|rewind ⏪
arrow_upper_right ↗️|arrow_lower_right ↘️|arrow_right_hook ↪️|leftwards_arrow_with_hook ↩️|arrows_counterclockwise 🔄
arrows_clockwise 🔃|repeat 🔁|double_vertical_bar ⏸️|pause_button ⏸️|black_square_for_stop ⏹️|stop_button ⏹️
black_right_pointing_triangle_with_double_vertical_bar ⏯️|play_or_pause_button ⏯️|black_circle_for_record ⏺️
floppy_disk 💾|minidisc 💽|cd 💿|dvd 📀|file_cabinet 🗄️|card_file_box 🗃️|file_folder 📁|open_file_folder 📂|package 📦
inbox_tray 📥|outbox_tray 📤|page_facing_up 📄|clipboard 📋|memo 📝|pencil2 ✏️|pushpin 📌|paperclip 📎|link 🔗|chains ⛓️
lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|old_key 🗝️|shield 🛡️|mag 🔍|mag_right 🔎|bulb 💡|gear ⚙️|wrench 🔧
hammer 🔨|hammer_and_wrench 🛠️|nut_and_bolt 🔩|broom 🧹|wastebasket 🗑️|ambulance 🚑|adhesive_bandage 🩹|sos 🆘
bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|cloud ☁️|partly_sunny ⛅|snowflake ❄️|ocean 🌊
globe_with_meridians 🌐|earth_asia 🌏|earth_africa 🌍|satellite_antenna 📡|computer 💻|desktop_computer 🖥️|electric_plug 🔌
battery 🔋|iphone 📱|email 📧|envelope ✉️|speech_balloon 💬|thought_balloon 💭|mega 📣|loudspeaker 📢|bust_in_silhouette 👤
busts_in_silhouette 👥|coffee ☕|beers 🍻|bug 🐛|snail 🐌|turtle 🐢|ghost 👻|skull 💀|new 🆕|up 🆙|ok 🆗|cool 🆒|free 🆓
zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|100 💯|heavy_plus_sign ➕|heavy_minus_sign ➖|recycle ♻️|checkered_flag 🏁
triangular_flag_on_post 🚩|white_flag 🏳️|dart 🎯|trophy 🏆|seedling 🌱|anchor ⚓|traffic_light 🚦|vertical_traffic_light 🚥
`;

const EMOJI = new Map(
  TABLE.trim().split(/[|\n]/).map((entry) => {
    const space = entry.indexOf(" ");
    return [entry.slice(0, space), entry.slice(space + 1)];
  }),
);

/** The character of a shortcode (without colons; a skin tone is dropped), or undefined. */
export function emoji(name) {
  return EMOJI.get(name.split("::")[0]);
}
