package io.orrery.cli.lens;

/** How a page looks, by day and by night, on paper and on small screens. */
final class PageStyle {
    static final String CSS = """

            :root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --soft: #5c5c66; --line: #d0d0d8; --shade: #1f5fbf; --chip: #eef1f6; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #ececf1; --paper: #16161a; --soft: #a9a9b5; --line: #3c3c46; --shade: #6ea8ff; --chip: #26262e; }
            }
            body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
            main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
            h2 { margin-top: 2.5rem; }
            blockquote { margin: 0; padding: .5rem 1rem; border-left: .25rem solid var(--shade); white-space: pre-wrap; overflow-wrap: anywhere; }
            .tokens { line-height: 2.2; }
            .token { padding: .1rem .35rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--chip); color: var(--ink);
              font-family: ui-monospace, monospace; white-space: pre; }
            sub { color: var(--soft); font: .7rem system-ui, sans-serif; margin-right: .25rem; }
            .wide { overflow-x: auto; }
            :focus-visible { outline: .2rem solid var(--shade); outline-offset: .1rem; }
            table { border-collapse: collapse; margin: .5rem 0; }
            caption { text-align: left; color: var(--soft); padding-bottom: .4rem; }
            th, td { padding: .25rem .6rem; text-align: left; border-bottom: 1px solid var(--line); }
            .lens td { background: color-mix(in srgb, var(--shade) calc(var(--share) * .6), transparent); white-space: nowrap; }
            .next td:nth-child(3) { width: 14rem; }
            .bar { height: .8rem; background: var(--shade); }
            .heat th, .heat td { padding: .1rem; border: 1px solid var(--line); font: .8rem ui-monospace, monospace; white-space: pre; }
            .heat thead th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; vertical-align: bottom; font-weight: normal; }
            .heat tbody th { text-align: right; font-weight: normal; position: sticky; left: 0; background: var(--paper); }
            .heat tbody td { min-width: 1.6rem; height: 1.6rem; background: color-mix(in srgb, var(--shade) var(--share), transparent); position: relative; }
            .heat tbody td.unseen { background: none; border-color: transparent; }
            .heat span { opacity: 0; font-size: .65rem; color: var(--ink); background: var(--paper); padding: 0 .1rem; border-radius: .15rem; }
            .heat td:hover span, .heat tr:focus span { opacity: 1; }
            summary { cursor: pointer; margin: .5rem 0; }
            """;

    private PageStyle() {}
}
