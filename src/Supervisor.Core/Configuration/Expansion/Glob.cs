using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Expansion;

/// <summary>Python's <c>glob.glob</c> without recursion: <c>*</c>, <c>?</c>, <c>[...]</c>, <c>[!...]</c>; leading dots need a dot (CFG-046).</summary>
internal static class Glob
{
    /// <exception cref="ConfigException">A folder to be listed has a NUL in its name.</exception>
    public static IReadOnlyList<string> Match(IConfigHost host, string pattern)
    {
        var parent = PosixPath.Parent(pattern);
        var name = PosixPath.Name(pattern);
        if (!HasMagic(pattern))
        {
            var found = name.Length == 0 ? host.DirectoryExists(parent) : host.Exists(pattern);
            return found ? [pattern] : [];
        }

        IReadOnlyList<string> directories = parent != pattern && HasMagic(parent) ? Match(host, parent) : [parent];
        var matches = new List<string>();
        foreach (var directory in directories)
        {
            if (HasMagic(name))
            {
                if (directory.Contains('\0', StringComparison.Ordinal))
                {
                    throw new ConfigException("embedded null byte");
                }

                matches.AddRange(host.List(directory)
                    .Where(n => (name[0] == '.' || n[0] != '.') && Matches(name, n))
                    .Select(n => PosixPath.Join(directory, n)));
            }
            else if (name.Length == 0 ? host.DirectoryExists(directory) : host.Exists(PosixPath.Join(directory, name)))
            {
                matches.Add(PosixPath.Join(directory, name));
            }
        }

        return matches;
    }

    private static bool HasMagic(string text) => text.AsSpan().IndexOfAny('*', '?', '[') >= 0;

    /// <summary><c>fnmatch</c> of one path component; linear but for backtracking to the last star.</summary>
    private static bool Matches(string pattern, string text) => Matches(PythonText.CodePoints(pattern), PythonText.CodePoints(text));

    private static bool Matches(ReadOnlySpan<int> pattern, ReadOnlySpan<int> text)
    {
        var (p, t) = (0, 0);
        var (star, mark) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && MatchOne(pattern, p, text[t], out var next))
            {
                p = next;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart((int)'*').IsEmpty;
    }

    private static bool MatchOne(ReadOnlySpan<int> pattern, int p, int c, out int next)
    {
        next = p + 1;
        if (pattern[p] == '?')
        {
            return true;
        }

        if (pattern[p] != '[')
        {
            return pattern[p] == c;
        }

        // A "]" that comes first belongs to the set; a set that is not closed is a plain "[".
        var first = p + 1 < pattern.Length && pattern[p + 1] == '!' ? p + 2 : p + 1;
        var length = first < pattern.Length ? pattern[(first + 1)..].IndexOf(']') : -1;
        if (length < 0)
        {
            return c == '[';
        }

        next = first + 1 + length + 1;
        return IsInSet(pattern[(p + 1)..(next - 1)], c);
    }

    /// <summary>
    /// Python takes ranges that run backwards out together with both ends, and only then looks whether a <c>!</c> comes first: the set of
    /// <c>[b-a!x]</c> is all but x.
    /// </summary>
    private static bool IsInSet(ReadOnlySpan<int> set, int c)
    {
        var parts = RangeParts(set);
        for (var k = parts.Count - 1; k > 0; k--)
        {
            if (parts[k - 1][^1] > parts[k][0])
            {
                parts[k - 1] = [.. parts[k - 1][..^1], .. parts[k][1..]];
                parts.RemoveAt(k);
            }
        }

        var negated = parts[0] is ['!', ..];
        if (negated)
        {
            parts[0] = parts[0][1..];
            if (parts is [[], _, ..])
            {
                parts[1] = ['-', .. parts[1]];
                parts.RemoveAt(0);
            }
        }

        var found = parts[0].Contains(c);
        for (var k = 1; k < parts.Count; k++)
        {
            found |= parts[k].Contains(c) || (parts[k - 1][^1] <= c && c <= parts[k][0]);
        }

        return found != negated;
    }

    /// <summary>The set cut at the hyphens that make ranges: the last of one part and the first of the next are a range's ends.</summary>
    private static List<int[]> RangeParts(ReadOnlySpan<int> set)
    {
        var parts = new List<int[]>();
        var begin = 0;
        for (var k = set[0] == '!' ? 2 : 1; k < set.Length; k++)
        {
            if (set[k] == '-' && k + 1 < set.Length)
            {
                parts.Add(set[begin..k].ToArray());
                begin = k + 1;
                k += 2;
            }
        }

        parts.Add(set[begin..].ToArray());
        return parts;
    }
}
