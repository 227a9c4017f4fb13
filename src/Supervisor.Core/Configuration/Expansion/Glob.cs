using Supervisor.Core.Ports;

namespace Supervisor.Core.Configuration.Expansion;

/// <summary>Python's <c>glob.glob</c> without recursion: <c>*</c>, <c>?</c>, <c>[...]</c>, <c>[!...]</c>; leading dots need a dot (CFG-046).</summary>
internal static class Glob
{
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
    internal static bool Matches(string pattern, string text)
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

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }

    private static bool MatchOne(string pattern, int p, char c, out int next)
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

        var i = p + 1;
        var negated = i < pattern.Length && pattern[i] == '!';
        if (negated)
        {
            i++;
        }

        // A "]" that comes first belongs to the set; a set that is not closed is a plain "[".
        var end = i < pattern.Length ? pattern.IndexOf(']', i + 1) : -1;
        if (end < 0)
        {
            return c == '[';
        }

        var found = false;
        while (i < end)
        {
            if (i + 2 < end && pattern[i + 1] == '-')
            {
                found |= pattern[i] <= c && c <= pattern[i + 2];
                i += 3;
            }
            else
            {
                found |= pattern[i++] == c;
            }
        }

        next = end + 1;
        return found != negated;
    }
}
