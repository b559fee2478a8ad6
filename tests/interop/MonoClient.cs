// SPDX-License-Identifier: GPL-3.0-or-later
// Mono's System.Web.Services: calls what each line of standard input says; see clients.py.

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Web.Script.Serialization;
using System.Web.Services.Protocols;
using System.Xml;

class MonoClient
{
    static readonly JavaScriptSerializer Json = new JavaScriptSerializer();

    const string Flag = "Specified"; // after the name of what is optional: whether it is there

    // The stub's parameter or property of this name and type, from JSON's.
    static object Field(string name, Type type, IDictionary<string, object> given)
    {
        object value;
        if (name.EndsWith(Flag))
            return given.ContainsKey(name.Substring(0, name.Length - Flag.Length));
        if (!given.TryGetValue(name, out value) || value == null)
            return type.IsValueType ? Activator.CreateInstance(type) : null;
        return Value(type, value);
    }

    static object Value(Type type, object value)
    {
        if (type == typeof(DateTime))
            return DateTime.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        if (type.IsEnum)
            return Enum.Parse(type, (string)value);
        var fields = value as IDictionary<string, object>;
        if (fields == null)
            return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        if (type.IsArray) // in the place of the element around the list
        {
            var list = (object[])fields.Values.Single();
            var array = Array.CreateInstance(type.GetElementType(), list.Length);
            for (int i = 0; i < list.Length; i++)
                array.SetValue(Value(type.GetElementType(), list[i]), i);
            return array;
        }
        var record = Activator.CreateInstance(type);
        foreach (var property in type.GetProperties())
            property.SetValue(record, Field(property.Name, property.PropertyType, fields));
        return record;
    }

    static object Plain(object value)
    {
        if (value is DateTime)
            return ((DateTime)value).ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ");
        if (value is Enum)
            return value.ToString();
        if (value is Array)
            return ((Array)value).Cast<object>().Select(Plain).ToArray();
        if (value == null || value.GetType().Assembly != typeof(Vendor).Assembly)
            return value;
        var fields = value.GetType().GetProperties().ToDictionary(
            property => property.Name, property => property.GetValue(value));
        return fields.Where(pair => !pair.Key.EndsWith(Flag) && !false.Equals(fields.GetValueOrDefault(pair.Key + Flag)))
            .ToDictionary(pair => pair.Key, pair => Plain(pair.Value));
    }

    static object Answer(Vendor client, string operation, IDictionary<string, object> given)
    {
        var method = typeof(Vendor).GetMethod(operation);
        var parameters = method.GetParameters();
        var values = parameters.Select(
            parameter => parameter.IsOut ? null : Field(parameter.Name, parameter.ParameterType, given)).ToArray();
        var message = method.Invoke(client, values);
        var answer = parameters.Zip(values, (parameter, value) => new { parameter, value })
            .Where(pair => pair.parameter.IsOut)
            .ToDictionary(pair => pair.parameter.Name, pair => Plain(pair.value));
        answer["Message"] = message;
        return new { answer };
    }

    static object Call(Vendor client, string line)
    {
        var call = (IDictionary<string, object>)Json.DeserializeObject(line);
        var given = (IDictionary<string, object>)call["parameters"];
        try
        {
            return Answer(client, (string)call["operation"], given);
        }
        catch (TargetInvocationException error)
        {
            var soap = error.InnerException as SoapException;
            if (soap == null || soap.Detail == null)
                return new { error = error.InnerException.ToString() };
            return new { fault = soap.Detail.SelectNodes("*[local-name() = 'VendorFault']/*").Cast<XmlNode>()
                .ToDictionary(node => node.LocalName, node => node.InnerText) };
        }
    }

    static void Main()
    {
        var client = new Vendor { Url = Environment.GetEnvironmentVariable("FARTHING_ENDPOINT") };
        var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        for (string line; (line = input.ReadLine()) != null; )
            Console.WriteLine(Json.Serialize(Call(client, line)));
    }
}
